"""Make the weights that the book's pages load, by the lines of step 15: book/live/*.bin.

    .venv/bin/python -m tools.make_live

`cnn.bin` holds the network that comes with the series, `data/cnn.keras`; `dense.bin` that of step
6, which is trained anew by the code of step 7. Takes about fifteen seconds. A test holds both files
to these networks.
"""

from helpers.data import load_data, write_whole
from helpers.training import load_network
from tools import NOTEBOOKS, ROOT
from tools.sources import in_64_bits, load_source

FOLDER = ROOT / "book" / "live"
STEP_7, STEP_15 = NOTEBOOKS / "07_prediction.ipynb", NOTEBOOKS / "15_anywhere.ipynb"


def functions():
    """Return what step 15 defines for files of weights: name → object."""
    return load_source(STEP_15, ("layers_of", "pack", "unpack", "forward"))


def convolutional():
    """Return the network that comes with the series."""
    return load_network()


def dense():
    """Return the network of step 6, trained with 64 bits by the code of step 7."""
    with in_64_bits():
        names = load_source(STEP_7, ("train",))
        names["X"], names["y"] = load_data()
        return names["train"]([])


# Each with the number of pixels on a side of the digits that it reads.
NETWORKS = {"cnn": (convolutional, 28), "dense": (dense, 20)}


def made(name):
    """Return the network of that name and the bytes of its file."""
    network, size = NETWORKS[name]
    network, code = network(), functions()
    return network, code["pack"](code["layers_of"](network), name, size)


def main():
    """Make and store both files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in NETWORKS:
        _, content = made(name)
        path = FOLDER / f"{name}.bin"
        write_whole(path, lambda path, content=content: path.write_bytes(content))
        print(f"{path.relative_to(ROOT)}: {len(content):,} bytes")


if __name__ == "__main__":
    main()
