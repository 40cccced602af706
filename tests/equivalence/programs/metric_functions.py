"""Every metric as a function, and metrics of one's own."""
# fails on 2.15: hinge makes 0 and 1 to -1 and 1, and functions log under other names
# fails on 2.21: metrics do not take variables
import keras.backend as K
import numpy as np
from keras import metrics
from keras.layers import Dense
from keras.metrics import (binary_accuracy, categorical_accuracy, mean_absolute_error, mse, sparse_categorical_accuracy,
                           top_k_categorical_accuracy)
from keras.models import Sequential
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(38)
x = rng.normal(size=(12, 4))
y = np.eye(3)[rng.randint(3, size=12)]


def top_2(y_true, y_pred):
    return top_k_categorical_accuracy(y_true, y_pred, k=2)


def recall(y_true, y_pred):
    true_positives = K.sum(K.round(K.clip(y_true * y_pred, 0, 1)))
    possible_positives = K.sum(K.round(K.clip(y_true, 0, 1)))
    return true_positives / (possible_positives + K.epsilon())


def mean_pred(y_true, y_pred):
    return K.mean(y_pred)


model = Sequential([Dense(3, activation='softmax', input_dim=4)])
fix_weights(model)
model.compile(loss='categorical_crossentropy', optimizer='sgd',
              metrics=[categorical_accuracy, binary_accuracy, top_2, mean_pred, recall, mse, mean_absolute_error,
                       metrics.kullback_leibler_divergence, metrics.logcosh, metrics.hinge, metrics.squared_hinge,
                       metrics.poisson, metrics.binary_crossentropy, metrics.categorical_crossentropy,
                       metrics.mean_absolute_percentage_error, metrics.mean_squared_logarithmic_error])
keep('evaluated', model.evaluate(x, y, batch_size=12, verbose=0))
history = model.fit(x, y, batch_size=6, epochs=2, shuffle=False, verbose=0, validation_data=(x, y))
keep_history(history)
keep('of one\'s own', history.history['val_top_2'] + history.history['mean_pred'])
model.compile(loss='sparse_categorical_crossentropy', optimizer='sgd',
              metrics=[sparse_categorical_accuracy, metrics.sparse_categorical_crossentropy])
keep('sparse', model.evaluate(x, y.argmax(axis=-1), verbose=0))
values = K.eval(categorical_accuracy(K.variable(y), K.variable(y[::-1])))
keep('called', values)
