"""Penalties on what a layer gives, which were a sum over the batch and are now a mean."""
import numpy as np
from keras.layers import ActivityRegularization, Dense
from keras.models import Sequential
from keras.regularizers import l1
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(23)
x, y = rng.normal(size=(8, 4)), rng.normal(size=(8, 2))
model = Sequential()
model.add(Dense(5, input_shape=(4,), activity_regularizer=l1(0.01)))  # manual: KM306
model.add(ActivityRegularization(l1=0.01, l2=0.02))  # manual: KM306
model.add(Dense(2))
fix_weights(model)
model.compile(loss='mse', optimizer='sgd')
keep('predictions', model.predict(x))
keep('loss', model.evaluate(x, y, batch_size=4, verbose=0))
keep_history(model.fit(x, y, batch_size=4, epochs=2, shuffle=False, verbose=0))
