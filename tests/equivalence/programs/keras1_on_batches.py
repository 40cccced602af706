"""A loop of one's own: train_on_batch, test_on_batch, predict_on_batch, weights for samples and classes."""
# sources: 1.2.2
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from recording import fix_weights, keep, keep_training

rng = np.random.RandomState(134)
X = rng.normal(size=(12, 4))
y = rng.randint(0, 2, size=(12, 1))

model = Sequential()
model.add(Dense(6, input_dim=4, init='glorot_normal', activation='tanh'))
model.add(Dense(1, activation='sigmoid'))
fix_weights(model)
model.compile(loss='binary_crossentropy', optimizer='sgd', metrics=['accuracy'])
keep('before', model.test_on_batch(X, y))
nb_batches = len(X) // 4
losses = []
for epoch in range(2):
    for index in range(nb_batches):
        batch = slice(index * 4, (index + 1) * 4)
        loss, acc = model.train_on_batch(X[batch], y[batch])
        losses.append(loss)
keep_training('losses', losses)
keep_training('after', model.predict_on_batch(X))
keep_training('metrics', model.test_on_batch(X, y))
