"""Layers that do something only in training."""
import numpy as np
from keras.layers import AlphaDropout, Dense, Dropout, Embedding, GaussianDropout, GaussianNoise, SpatialDropout1D
from keras.layers import Flatten
from keras.models import Sequential
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(21)
x = rng.randint(10, size=(6, 4))
model = Sequential()
model.add(Embedding(10, 3, input_length=4))
model.add(SpatialDropout1D(0.2))
model.add(Flatten())
model.add(GaussianNoise(0.1))
model.add(Dense(6, activation='selu', kernel_initializer='lecun_normal'))
model.add(AlphaDropout(0.1))
model.add(Dense(6, activation='relu'))
model.add(GaussianDropout(0.3))
model.add(Dropout(0.5, noise_shape=None, seed=3))
model.add(Dense(1))
fix_weights(model)
keep('predictions', model.predict(x))
model.compile('sgd', 'mse')
keep_history(model.fit(x, rng.normal(size=6), epochs=1, verbose=0))
