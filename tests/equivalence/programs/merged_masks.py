"""Inputs with masks of their own that are merged."""
import numpy as np
from keras.layers import Embedding, Input, SimpleRNN, add
from keras.models import Model
from recording import fix_weights, keep

left, right = Input((5,)), Input((5,))
a = Embedding(9, 4, mask_zero=True)(left)
b = Embedding(9, 4, mask_zero=True)(right)
model = Model([left, right], SimpleRNN(2)(add([a, b])))  # review on 2.21: KM308
fix_weights(model)
words = np.array([[1, 2, 3, 0, 0], [4, 5, 0, 0, 0]])
others = np.array([[1, 0, 0, 0, 0], [4, 6, 7, 8, 0]])
keep("predictions", model.predict([words, others]))
