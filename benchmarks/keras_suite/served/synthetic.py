"""Small data in place of downloads, for every Keras. It runs on the old stack too: keep it to Python 3.6."""

import importlib
import io
import os
import sys
import tarfile
import tempfile

import numpy as np

TRAIN, TEST = 400, 300
"""How many images and texts the datasets have; ``substitutions-*.toml`` write the same into examples."""

WORDS = [
    "Mary",
    "went",
    "to",
    "the",
    "kitchen",
    "John",
    "picked",
    "up",
    "football",
    "daniel",
    "moved",
    "back",
    "garden",
    "sandra",
    "hallway",
]


def install():
    """Puts the small data where programs look for the datasets and for files to download."""
    restore_numpy_aliases()
    restore_scipy_images()
    reclaim_preprocessing()
    for root in ("keras", "tensorflow.keras"):
        for name, load in DATASETS.items():
            module = found(root + ".datasets." + name)
            if module is not None:
                module.load_data = load
        for name, index in (("imdb", word_index), ("reuters", word_index)):
            module = found(root + ".datasets." + name)
            if module is not None:
                module.get_word_index = index


def install_files():
    """Serves what examples download or need a program for."""
    for root in ("keras.utils", "keras.utils.data_utils", "tensorflow.keras.utils"):
        replace(root, "get_file", get_file)
    for root in ("keras.utils", "keras.utils.vis_utils", "tensorflow.keras.utils"):
        replace(root, "plot_model", plot_model)
    replace("tensorflow.contrib.learn.python.learn.datasets.mnist", "read_data_sets", read_data_sets)


def replace(module, name, value):
    """Puts something in the place of what a module has under a name; nothing where it has no such name."""
    owner = found(module)
    if hasattr(owner, name):
        setattr(owner, name, value)


def plot_model(model, to_file="model.png", **ignored):
    """In place of the one that needs GraphViz."""


def found(name):
    """The module of that name, or None where this Keras has none."""
    try:
        return importlib.import_module(name)
    except ImportError:
        pass
    owner, _, last = name.rpartition(".")
    parent = found(owner) if owner else None
    return getattr(parent, last, None)


def restore_numpy_aliases():
    """Gives numpy back what it dropped in 1.24 and 2.0, which has nothing to do with Keras."""
    for name, kind in (("bool", bool), ("int", int), ("float", float), ("object", object)):
        if name not in np.__dict__:
            setattr(np, name, kind)


def restore_scipy_images():
    """Gives SciPy back how it saved images up to 1.2, which has nothing to do with Keras."""
    misc = found("scipy.misc")
    if misc is not None and not hasattr(misc, "imsave"):
        misc.imsave = imsave


def imsave(path, image):
    """Saves an image, its values stretched to what a picture can show."""
    from PIL import Image

    image = np.asarray(image, dtype="float32")
    spread = float(image.max() - image.min()) or 1.0
    Image.fromarray(((image - image.min()) / spread * 255).astype("uint8")).save(path)


def reclaim_preprocessing():
    """Makes the image iterators of Keras 2.2.4 sequences of its own again.

    They take the class from whoever imports keras_preprocessing first. For TensorFlow 1.14 that is its own
    Keras, for the TensorFlow that Keras 2.2.4 was released with it was Keras.
    """
    keras = found("keras")
    if keras is None or keras.__version__ != "2.2.4":
        return
    preprocessing = found("keras_preprocessing")
    preprocessing.set_keras_submodules(backend=keras.backend, utils=keras.utils)
    importlib.reload(found("keras_preprocessing.image"))
    importlib.reload(found("keras.preprocessing.image"))


def images(rows, columns, channels, classes, labels_2d):
    """A dataset of images: ``load_data``."""

    def load_data(*ignored, **also_ignored):
        rng = np.random.RandomState(0)
        shape = (rows, columns) + ((channels,) if channels else ())

        def part(samples):
            y = np.arange(samples) % classes
            x = rng.randint(0, 100, size=(samples, *shape)) + (y * 10).reshape((-1,) + (1,) * len(shape))
            y = y.astype("uint8")
            return x.astype("uint8"), y.reshape(-1, 1) if labels_2d else y

        return part(TRAIN), part(TEST)

    return load_data


def texts(classes):
    """A dataset of sequences of word indices: ``load_data``."""

    def load_data(path=None, num_words=None, skip_top=0, maxlen=None, test_split=0.2, **ignored):
        rng = np.random.RandomState(0)
        most = min(num_words or 1000, 1000)

        def part(samples):
            x = np.empty(samples, dtype=object)
            for i in range(samples):
                x[i] = [1, *map(int, rng.randint(3, most, size=rng.randint(10, 60)))]
            return x, rng.randint(0, classes, size=samples)

        return part(TRAIN), part(TEST)

    return load_data


def boston_housing(*ignored, **also_ignored):
    """The regression dataset."""
    rng = np.random.RandomState(0)
    return (rng.rand(404, 13), rng.rand(404) * 50), (rng.rand(102, 13), rng.rand(102) * 50)


def word_index(*ignored, **also_ignored):
    """Words of the text datasets."""
    return {f"word{i}": i for i in range(1, 1000)}


DATASETS = {
    "mnist": images(28, 28, 0, 10, False),
    "fashion_mnist": images(28, 28, 0, 10, False),
    "cifar10": images(32, 32, 3, 10, True),
    "cifar100": images(32, 32, 3, 100, True),
    "imdb": texts(2),
    "reuters": texts(46),
    "boston_housing": boston_housing,
}


def read_data_sets(*ignored, **also_ignored):
    """What TensorFlow 1's contrib gave for MNIST, as far as the examples read it."""
    base = importlib.import_module("tensorflow.contrib.learn.python.learn.datasets.base")
    mnist = importlib.import_module("tensorflow.contrib.learn.python.learn.datasets.mnist")
    (x_train, y_train), (x_test, y_test) = DATASETS["mnist"]()
    parts = [
        mnist.DataSet(x.reshape(-1, 28, 28, 1), y, dtype=x.dtype, reshape=False)
        for x, y in ((x_train, y_train), (x_test, y_test), (x_test, y_test))
    ]
    return base.Datasets(train=parts[0], validation=parts[1], test=parts[2])


def get_file(fname, origin=None, *ignored, **also_ignored):
    """A small file of the kind that would have been downloaded."""
    path = os.path.join(tempfile.mkdtemp(), os.path.basename(fname))
    if fname.endswith(".txt"):
        rng = np.random.RandomState(0)
        text = " ".join(WORDS[i] for i in rng.randint(0, len(WORDS), size=200))
        with open(path, "w") as opened:
            opened.write(text)
    elif fname.startswith("babi"):
        with tarfile.open(path, "w:gz") as tar:
            for name in BABI:
                for part in ("train", "test"):
                    data = stories(64).encode("ascii")
                    info = tarfile.TarInfo(name.format(part))
                    info.size = len(data)
                    tar.addfile(info, io.BytesIO(data))
    else:
        sys.exit("no small data for " + fname)
    return path


BABI = (
    "tasks_1-20_v1-2/en-10k/qa1_single-supporting-fact_{}.txt",
    "tasks_1-20_v1-2/en-10k/qa2_two-supporting-facts_{}.txt",
    "tasks_1-20_v1-2/en/qa1_single-supporting-fact_{}.txt",
    "tasks_1-20_v1-2/en/qa2_two-supporting-facts_{}.txt",
)


def stories(count):
    """Stories in the format of the bAbI tasks."""
    rng = np.random.RandomState(0)
    people, places = ["Mary", "John", "Daniel"], ["kitchen", "garden", "office", "hallway"]
    lines = []
    for _ in range(count):
        person, place = people[rng.randint(3)], places[rng.randint(4)]
        lines += [
            f"1 {person} moved to the {place}.",
            f"2 {people[rng.randint(3)]} went back to the {place}.",
            f"3 Where is {person}? \t{place}\t1",
        ]
    return "\n".join(lines) + "\n"


def write_files():
    """Writes the files that examples expect beside them, once where several examples start together."""
    import fcntl

    with open("served.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists("20_newsgroup"):
            write_all()


def write_all():
    """Writes images, sentences, word vectors, news."""
    from PIL import Image

    rng = np.random.RandomState(0)
    for name in ("base.png", "style.png"):
        Image.fromarray(rng.randint(0, 255, (176, 176, 3)).astype("uint8")).save(name)
    bands = np.repeat(np.array([0, 128, 255], dtype="uint8"), 16)
    Image.fromarray(np.broadcast_to(bands[:, None, None], (48, 48, 3)).copy()).save("mask.png")
    write("fra-eng/fra.txt", "".join(f"go {i % 9}!\tva {i % 7} !\n" for i in range(100)))
    words = [f"word{i}" for i in range(50)]
    vectors = [" ".join([word, *(f"{x:.4f}" for x in rng.normal(size=100))]) for word in words]
    write("glove.6B/glove.6B.100d.txt", "\n".join(vectors) + "\n")
    for topic in range(4):
        for number in range(25):
            text = " ".join(words[i] for i in rng.randint(0, 50, size=200))
            write(f"20_newsgroup/topic{topic}/{number}", f"From: nobody\n\n{text}\n")


def write(path, text):
    """Writes a file, and the folder that it is in."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as opened:
        opened.write(text)
