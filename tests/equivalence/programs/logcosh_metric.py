"""A metric whose name is not known any more."""
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from recording import fix_weights, keep

rng = np.random.RandomState(95)
model = Sequential([Dense(2, input_dim=3)])
fix_weights(model)
model.compile('sgd', 'mse', metrics=['logcosh'])  # manual on 2.21: KM605
keep('evaluated', model.evaluate(rng.normal(size=(6, 3)), rng.normal(size=(6, 2)), verbose=0))
