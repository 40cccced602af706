"""Metrics by their names, of which Keras 2 keeps some only, and one of the program's own."""
# sources: 1.2.2
import numpy as np
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential
from recording import fix_weights, keep

rng = np.random.RandomState(129)
X = rng.normal(size=(8, 4))
y = rng.randint(0, 2, size=(8, 1))


def mean_pred(y_true, y_pred):
    return K.mean(y_pred)


def evaluated(model, x, y):
    return model.evaluate(x, y, batch_size=8, verbose=0)


model = Sequential()
model.add(Dense(1, input_dim=4, activation='sigmoid'))
fix_weights(model)
model.compile(loss='binary_crossentropy', optimizer='sgd',
              metrics=['accuracy', 'mse', 'mean_absolute_error', 'poisson', mean_pred])
keep('binary', evaluated(model, X, y))
model.compile(loss='binary_crossentropy', optimizer='sgd', metrics=['binary_accuracy', 'binary_crossentropy'])
keep('binary by name', evaluated(model, X, y))

classifier = Sequential()
classifier.add(Dense(6, input_dim=4, activation='softmax'))
fix_weights(classifier, 'classes')
classes = rng.randint(0, 6, size=8)
classifier.compile(loss='categorical_crossentropy', optimizer='sgd',
                   metrics=['acc', 'categorical_accuracy', 'top_k_categorical_accuracy'])
keep('categorical', evaluated(classifier, X, np.eye(6)[classes]))
classifier.compile(loss='sparse_categorical_crossentropy', optimizer='sgd', metrics=['accuracy'])
keep('sparse', evaluated(classifier, X, classes.reshape(-1, 1)))
