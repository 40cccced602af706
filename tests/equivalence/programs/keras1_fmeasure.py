"""Precision, recall and F-measure per batch, which Keras 1 had and Keras 2 took away."""
# sources: 1.2.2
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from recording import fix_weights, keep

rng = np.random.RandomState(130)
X = rng.normal(size=(8, 4))
y = rng.randint(0, 2, size=(8, 1))
model = Sequential()
model.add(Dense(1, input_dim=4, activation='sigmoid'))
fix_weights(model)
model.compile(loss='binary_crossentropy', optimizer='sgd', metrics=['precision', 'recall', 'fmeasure'])
keep('scores', model.evaluate(X, y, batch_size=4, verbose=0))
model.compile(loss='binary_crossentropy', optimizer='sgd', metrics=['matthews_correlation'])
keep('correlation', model.evaluate(X, y, batch_size=4, verbose=0))
