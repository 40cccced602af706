"""`imdb_lstm.py`: embedding with its own dropout argument, LSTM with dropout for weights, 'nb_epoch'."""
# sources: 1.2.2
from __future__ import print_function
import numpy as np

from keras.preprocessing import sequence
from keras.models import Sequential
from keras.layers import Dense, Activation, Embedding
from keras.layers import LSTM
from recording import fix_weights, keep, keep_history, keep_training

max_features = 20
maxlen = 9  # cut texts after this number of words (among top max_features most common words)
batch_size = 4

rng = np.random.RandomState(108)
X_train = [list(rng.randint(1, max_features, size=length)) for length in rng.randint(3, 14, size=16)]
y_train = rng.randint(2, size=16)
X_train = sequence.pad_sequences(X_train, maxlen=maxlen)
X_test, y_test = X_train[:6], y_train[:6]

print('Build model...')
model = Sequential()
model.add(Embedding(max_features, 6, input_length=maxlen, dropout=0.))
model.add(LSTM(5, dropout_W=0., dropout_U=0.))  # try using a GRU instead, for fun
model.add(Dense(1))
model.add(Activation('sigmoid'))
fix_weights(model)

# try using different optimizers and different optimizer configs
model.compile(loss='binary_crossentropy', optimizer='rmsprop', metrics=['accuracy'])
keep('predictions', model.predict(X_test))

history = model.fit(X_train, y_train, batch_size=batch_size, nb_epoch=2, validation_data=(X_test, y_test), verbose=0,
                    shuffle=False)
keep_history(history)
score, acc = model.evaluate(X_test, y_test, batch_size=batch_size, verbose=0)
keep_training('score', [score, acc])
