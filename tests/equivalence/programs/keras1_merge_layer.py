"""The `Merge` layer as the first of a Sequential, as the guide to the Sequential model had it."""
# sources: 1.2.2
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Embedding, LSTM, Merge
from keras.optimizers import SGD
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(114)
X1, X2 = rng.normal(size=(8, 5)), rng.normal(size=(8, 4))
y = rng.randint(0, 2, size=(8, 1))

left_branch = Sequential()
left_branch.add(Dense(6, input_dim=5, activation='tanh'))

right_branch = Sequential()
right_branch.add(Dense(6, input_dim=4))

merged = Merge([left_branch, right_branch], mode='concat')

final_model = Sequential()
final_model.add(merged)
final_model.add(Dense(1, activation='sigmoid'))
fix_weights(final_model)
final_model.compile(optimizer=SGD(lr=0.1), loss='binary_crossentropy', metrics=['accuracy'])
keep('predictions', final_model.predict([X1, X2]))
keep_history(final_model.fit([X1, X2], y, batch_size=4, nb_epoch=2, verbose=0, shuffle=False))

words = rng.randint(0, 9, size=(4, 5))
query = rng.randint(0, 9, size=(4, 3))
sentrnn = Sequential()
sentrnn.add(Embedding(9, 4, input_length=5))
sentrnn.add(LSTM(3))
qrnn = Sequential()
qrnn.add(Embedding(9, 4, input_length=3))
qrnn.add(LSTM(3))
model = Sequential()
model.add(Merge([sentrnn, qrnn], mode='sum'))
model.add(Dense(2, activation='softmax'))
fix_weights(model, 'question')
model.compile(optimizer='sgd', loss='categorical_crossentropy')
keep('question', model.predict([words, query]))
