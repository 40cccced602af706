"""`mnist_mlp.py` of 2016: activations and dropout as layers of their own, `nb_epoch`, classes at the end."""
# sources: 1.2.2
from __future__ import print_function
import numpy as np

from keras.models import Sequential
from keras.layers.core import Dense, Dropout, Activation
from keras.optimizers import SGD
from keras.regularizers import l2
from keras.utils import np_utils
from recording import fix_weights, keep, keep_history

batch_size = 8
nb_classes = 3
nb_epoch = 3

rng = np.random.RandomState(101)
X_train, X_test = rng.rand(24, 10).astype('float32'), rng.rand(8, 10).astype('float32')
y_train, y_test = rng.randint(0, nb_classes, 24), rng.randint(0, nb_classes, 8)

# convert class vectors to binary class matrices
Y_train = np_utils.to_categorical(y_train, nb_classes)
Y_test = np_utils.to_categorical(y_test, nb_classes)

model = Sequential()
model.add(Dense(12, input_shape=(10,)))
model.add(Activation('relu'))
model.add(Dropout(p=0.))
model.add(Dense(output_dim=8, init='he_normal', W_regularizer=l2(0.01), activation='tanh'))
model.add(Dropout(0.))
model.add(Dense(nb_classes, init='uniform', bias=False))
model.add(Activation('softmax'))
fix_weights(model)

model.compile(loss='categorical_crossentropy', optimizer=SGD(lr=0.1, momentum=0.9, nesterov=True),
              metrics=['accuracy'])
keep('predictions', model.predict(X_test))
history = model.fit(X_train, Y_train, batch_size=batch_size, nb_epoch=nb_epoch, verbose=0, shuffle=False,
                    validation_data=(X_test, Y_test))
keep_history(history)
score = model.evaluate(X_test, Y_test, verbose=0)
keep('names', len(score))
keep('classes', model.predict_classes(X_test, verbose=0))
keep('probabilities', model.predict_proba(X_test, verbose=0).sum(axis=-1))
