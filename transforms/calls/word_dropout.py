"""Embeddings of Keras 1 that drop whole words in training."""

from __future__ import annotations

import libcst as cst

from ...findings import Rule
from ...transform import File, Transform, Use
from ..names.written_out import written_for
from ..reading.keras_calls import call_of
from .argument_tables import literal

WORD_DROPOUT = Rule(
    "KM210",
    "word-dropout",
    "Keep the dropout of words that `Embedding` had in Keras 1.",
    "`Embedding(dropout=0.2)` dropped rows of the table in training, so that a word was missing wherever it "
    "stood in a batch. Keras 2 dropped the argument. A class derived from `Embedding` that does the same is "
    "written into the module.",
    before="from keras.layers import Embedding\n\nlayer = Embedding(1000, 32, dropout=0.2)\n",
    after=(
        "import tensorflow as tf\n\n\n@tf.keras.utils.register_keras_serializable()\n"
        "class WordDropoutEmbedding(tf.keras.layers.Embedding):\n"
        "    def __init__(self, *args, dropout=0.0, **kwargs):\n"
        "        super().__init__(*args, **kwargs)\n        self.dropout = dropout\n\n"
        "    def call(self, inputs, training=None):\n        outputs = super().call(inputs)\n"
        "        if training:\n"
        "            kept = tf.nn.dropout(tf.ones((self.input_dim, 1)), self.dropout)\n"
        "            outputs = outputs * tf.gather(kept, tf.cast(inputs, 'int32'))\n"
        "        return outputs\n\n    def get_config(self):\n"
        "        return {**super().get_config(), 'dropout': self.dropout}\n\n\n"
        "layer = WordDropoutEmbedding(1000, 32, dropout=0.2)\n"
    ),
)

TRANSFORM = Transform("word dropout", WORD_DROPOUT)

_NO_DROPOUT = ("0.0", "None")


@TRANSFORM.use("keras.layers.Embedding")
def keep_word_dropout(file: File, use: Use) -> None:
    """Calls a class that still drops words."""
    call = call_of(file, use)
    if call is None or not use.sure or call.place is not None or use.members:
        return
    dropout = next((each for each in call.keywords if each.name == "dropout"), None)
    if dropout is None or literal(dropout.node.value) in _NO_DROPOUT or not file.options.enabled("KM210"):
        return
    name = written_for(file, use.symbol, use.reference)
    if name is None:
        return
    message = f"`dropout` of an `Embedding` is gone: `{name}` drops words in training as Keras 1 did"
    file.report(WORD_DROPOUT, call.level, dropout.node, message, f"{use.symbol}.dropout")
    file.handled.add(dropout.node)
    file.imports.handled(use.reference)
    file.edit(use.reference.node, use.reference.frame, lambda _: cst.Name(name))
