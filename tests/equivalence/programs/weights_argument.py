"""A layer that is given its weights when it is made."""
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from recording import keep

rng = np.random.RandomState(96)
kernel, bias = rng.normal(size=(3, 2)), rng.normal(size=2)
model = Sequential()
model.add(Dense(2, input_shape=(3,), weights=[kernel, bias]))  # manual on 2.21: KM205
keep('parameters', model.count_params())
keep('predictions', model.predict(rng.normal(size=(4, 3))))
