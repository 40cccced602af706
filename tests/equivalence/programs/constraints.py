"""Every constraint, under each of its names."""
import numpy as np
from keras import constraints
from keras.constraints import MaxNorm, MinMaxNorm, NonNeg, UnitNorm, max_norm, maxnorm, non_neg, nonneg, unit_norm
from keras.layers import Conv2D, Dense, Flatten
from keras.models import Sequential
from keras.optimizers import SGD
from recording import fix_weights, keep, keep_history, keep_training

rng = np.random.RandomState(24)
x, y = rng.normal(size=(8, 4, 4, 1)), rng.normal(size=(8, 2))
model = Sequential()
model.add(Conv2D(2, (3, 3), input_shape=(4, 4, 1), kernel_constraint=max_norm(2., axis=[0, 1, 2])))
model.add(Flatten())
model.add(Dense(4, kernel_constraint=maxnorm(1), bias_constraint=constraints.min_max_norm(0., 1.)))
model.add(Dense(4, kernel_constraint=non_neg(), bias_constraint=nonneg()))
model.add(Dense(4, kernel_constraint=unit_norm()))
model.add(Dense(4, kernel_constraint=MinMaxNorm(min_value=0.2, max_value=0.9, rate=0.5)))
model.add(Dense(4, kernel_constraint=NonNeg(), bias_constraint=MaxNorm(0.3)))
model.add(Dense(2, kernel_constraint=UnitNorm(axis=0), bias_constraint='non_neg'))
fix_weights(model)
model.compile(optimizer=SGD(lr=0.02), loss='mse')
keep('predictions', model.predict(x))
keep_history(model.fit(x, y, epochs=2, batch_size=4, shuffle=False, verbose=0))
keep_training('norms', [float(np.sqrt((w ** 2).sum())) for w in model.get_weights()])
