"""A trained network whose last layers are taken away by hand, as the forums of 2016 told to."""
# sources: 1.2.2
import numpy as np
from keras.layers import Activation, Dense
from keras.models import Sequential
from recording import fix_weights, keep

model = Sequential()
model.add(Dense(6, input_dim=4, activation='tanh'))
model.add(Dense(5))
model.add(Activation('softmax'))
fix_weights(model)
model.layers.pop()  # manual: KM412
model.layers.pop()  # manual: KM412
model.outputs = [model.layers[-1].output]  # manual: KM406
model.layers[-1].outbound_nodes = []  # manual on 2.21: KM406
model.add(Dense(2))
fix_weights(model, 'tuned')
keep('tuned', model.predict(np.random.RandomState(153).rand(3, 4)))
