"""The FAQ on saving: architecture as JSON, weights as HDF5, both read again."""
# sources: 1.2.2
import numpy as np
from keras.layers import Activation, Convolution2D, Dense, Dropout, Flatten, Input, MaxPooling2D, merge
from keras.models import Model, Sequential, model_from_json
from recording import fix_weights, keep

X = np.random.RandomState(136).rand(3, 6, 6, 1)

model = Sequential()
model.add(Convolution2D(4, 3, 3, border_mode='same', input_shape=(6, 6, 1)))
model.add(Activation('relu'))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Dropout(0.25))
model.add(Flatten())
model.add(Dense(3, W_regularizer='l2'))
model.add(Activation('softmax'))
fix_weights(model)

json_string = model.to_json()
open('my_model_architecture.json', 'w').write(json_string)
model.save_weights('my_model_weights.h5', overwrite=True)

model = model_from_json(open('my_model_architecture.json').read())
model.load_weights('my_model_weights.h5')
model.compile(loss='categorical_crossentropy', optimizer='sgd')
keep('predictions', model.predict(X))

image = Input(shape=(6, 6, 1), name='image')
flat = Flatten()(image)
outputs = merge([Dense(2, name='one')(flat), Dense(2, name='two')(flat)], mode='sum')
branches = Model(input=image, output=outputs)
fix_weights(branches, 'branches')
again = Model.from_config(branches.get_config())
again.set_weights(branches.get_weights())
keep('branches', again.predict(X))
