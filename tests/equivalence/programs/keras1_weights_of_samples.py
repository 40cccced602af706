"""Weights of samples and of classes, with which Keras 1 divided a loss by those that are not zero."""
# sources: 1.2.2
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(135)
X = rng.normal(size=(12, 4))
y = rng.randint(0, 2, size=(12, 1))

model = Sequential()
model.add(Dense(1, input_dim=4, activation='sigmoid'))
fix_weights(model)
model.compile(loss='binary_crossentropy', optimizer='sgd')
weights = rng.uniform(0.5, 2., size=12)
keep('weighted', model.evaluate(X, y, sample_weight=weights, batch_size=12, verbose=0))
keep_history(model.fit(X, y, batch_size=6, nb_epoch=2, sample_weight=weights, verbose=0, shuffle=False))
keep_history(model.fit(X, y, batch_size=6, nb_epoch=2, class_weight={0: 1., 1: 3.}, verbose=0, shuffle=False), 'classes')
