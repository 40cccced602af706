"""Models and weights saved and loaded in one program, the architecture as JSON."""
import os

import numpy as np
from keras.layers import Conv2D, Dense, Flatten, LSTM, Reshape
from keras.models import Sequential, load_model, model_from_json
from recording import fix_weights, keep

x = np.random.RandomState(56).rand(3, 6, 6, 1)


def network():
    model = Sequential()
    model.add(Conv2D(2, (3, 3), activation='relu', input_shape=(6, 6, 1), name='conv'))
    model.add(Reshape((4, 8)))
    model.add(LSTM(3, name='lstm'))
    model.add(Dense(2, name='dense'))
    model.compile(loss='mse', optimizer='rmsprop')
    return model


model = network()
fix_weights(model)
keep('predictions', model.predict(x))
model.save('my_model.h5')
keep('loaded', load_model('my_model.h5').predict(x))
with open('model.json', 'w') as json_file:
    json_file.write(model.to_json())
model.save_weights('model.h5')
with open('model.json') as json_file:
    rebuilt = model_from_json(json_file.read())
rebuilt.load_weights('model.h5')
keep('rebuilt', rebuilt.predict(x))
