"""fit_generator by samples, on generators of the program's own."""
# sources: 1.2.2
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD
from recording import fix_weights, keep, keep_history, keep_training

rng = np.random.RandomState(132)
X = rng.normal(size=(12, 3))
y = X.dot(np.array([[1.], [2.], [-1.]]))
batch_size = 4


def batches(batch_size):
    while 1:
        for start in range(0, len(X), batch_size):
            yield X[start:start + batch_size], y[start:start + batch_size]


model = Sequential()
model.add(Dense(4, input_shape=(3,), activation='relu'))
model.add(Dense(1))
fix_weights(model)
model.compile(optimizer=SGD(lr=0.05), loss='mse', metrics=['mae'])
keep('score', model.evaluate_generator(batches(batch_size), val_samples=12))
history = model.fit_generator(batches(batch_size), samples_per_epoch=len(X), nb_epoch=3, verbose=0,
                              validation_data=batches(12), nb_val_samples=12, max_q_size=1)
keep_history(history)
keep_training('predictions', model.predict_generator(batches(4), val_samples=12))
history = model.fit_generator(batches(6), 12, 2, verbose=0, validation_data=(X, y), nb_worker=1)
keep_history(history, 'again')
