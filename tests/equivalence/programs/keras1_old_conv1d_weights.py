"""Weights of convolutions over time that Keras 1 saved, with an axis more than they have now."""
# sources: 1.2.2
# fails on 2.21: Keras 3 does not take the axis away, and says so; TensorFlow 2.15 does and can save the weights
import numpy as np
from keras.layers import Convolution1D, Dense, Embedding, GlobalMaxPooling1D
from keras.models import Sequential
from recording import keep, old_weights

model = Sequential()
model.add(Embedding(10, 4, input_length=8))
model.add(Convolution1D(nb_filter=5, filter_length=3, border_mode='valid', activation='relu'))
model.add(GlobalMaxPooling1D())
model.add(Dense(2))
old_weights(model, 'conv1d.h5')
model.load_weights('conv1d.h5')
keep('predictions', model.predict(np.random.RandomState(149).randint(0, 10, size=(4, 8))))
