"""Weights for classes and for samples; metrics that are weighted too."""
# fails from 2.2.4: weighted metrics were named weighted_… and divided by the weights that are not zero
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(42)
x = rng.normal(size=(12, 4))
y = rng.randint(2, size=12)
weights = rng.uniform(0.5, 2., size=12)
model = Sequential([Dense(5, activation='relu', input_dim=4), Dense(1, activation='sigmoid')])
fix_weights(model)
model.compile(loss='binary_crossentropy', optimizer=SGD(lr=0.1), weighted_metrics=['accuracy'])
keep('weighted', model.evaluate(x, y, sample_weight=weights, batch_size=12, verbose=0))
keep_history(model.fit(x, y, class_weight={0: 1., 1: 3.}, batch_size=6, epochs=2, shuffle=False, verbose=0), 'classes')
keep_history(model.fit(x, y, sample_weight=weights, batch_size=6, epochs=2, shuffle=False, verbose=0), 'samples')
