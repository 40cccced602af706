"""Weights of a network with normalisation that Keras 1 saved."""
# sources: 1.2.2
import numpy as np
from keras.layers import Activation, BatchNormalization, Dense, Dropout
from keras.models import Sequential
from recording import keep, old_weights

model = Sequential()
model.add(Dense(8, input_dim=5, init='uniform'))
model.add(BatchNormalization())
model.add(Activation('relu'))
model.add(Dropout(0.5))
model.add(Dense(3, activation='softmax'))
old_weights(model, 'mlp.h5')
model.load_weights('mlp.h5')
model.compile(loss='categorical_crossentropy', optimizer='sgd')
keep('predictions', model.predict(np.random.RandomState(145).rand(4, 5)))
