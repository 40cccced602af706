"""The cosine proximity, which was the mean over the last axis in Keras 1."""
# sources: 1.2.2
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras.objectives import cosine_proximity  # review: KM104
from recording import fix_weights, keep

rng = np.random.RandomState(128)
X, y = rng.normal(size=(6, 4)), rng.normal(size=(6, 3))
model = Sequential()
model.add(Dense(3, input_dim=4))
fix_weights(model)
model.compile(loss='cosine_proximity', optimizer='sgd')  # review: KM605
keep('by name', model.evaluate(X, y, verbose=0))
model.compile(loss=cosine_proximity, optimizer='sgd')
keep('function', model.evaluate(X, y, verbose=0))
