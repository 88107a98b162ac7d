"""Near pictures: an exact index of PDQ hashes by Hamming distance.

``pictures`` is what the matching engine asks. Import ``index`` only where there are very many
hashes: it brings numba along.

PDQ is a perceptual hash of 256 bits; two hashes at a distance of at most 31 bits are taken for
the same picture (Facebook: "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing
Algorithm", 2019). No imagery comes here, only hashes.
"""
