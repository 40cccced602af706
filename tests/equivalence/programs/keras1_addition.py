"""`addition_rnn.py`: a sequence from a sequence, with the recurrent layer chosen by a variable."""
# sources: 1.2.2
import numpy as np
from keras.models import Sequential
from keras.engine.training import slice_X
from keras.layers import Activation, TimeDistributed, Dense, RepeatVector, recurrent
from recording import fix_weights, keep, keep_history

# Try replacing GRU, or SimpleRNN
RNN = recurrent.LSTM
HIDDEN_SIZE = 6
BATCH_SIZE = 4
LAYERS = 1
DIGITS, MAXLEN, CHARS = 2, 5, 7

rng = np.random.RandomState(142)
X = np.eye(CHARS)[rng.randint(0, CHARS, size=(12, MAXLEN))]
y = np.eye(CHARS)[rng.randint(0, CHARS, size=(12, DIGITS + 1))]

split_at = len(X) - len(X) // 4
(X_train, X_val) = (slice_X(X, 0, split_at), slice_X(X, split_at))
(y_train, y_val) = (y[:split_at], y[split_at:])

model = Sequential()
model.add(RNN(HIDDEN_SIZE, input_shape=(MAXLEN, CHARS)))
model.add(RepeatVector(DIGITS + 1))
for _ in range(LAYERS):
    model.add(RNN(HIDDEN_SIZE, return_sequences=True))
model.add(TimeDistributed(Dense(CHARS)))
model.add(Activation('softmax'))
fix_weights(model)
model.compile(loss='categorical_crossentropy', optimizer='sgd', metrics=['accuracy'])
for iteration in range(1, 3):
    history = model.fit(X_train, y_train, batch_size=BATCH_SIZE, nb_epoch=1, verbose=0, shuffle=False,
                        validation_data=(X_val, y_val))
    keep_history(history, 'iteration %d' % iteration)
keep('classes', model.predict_classes(X_val[:2], verbose=0))
