"""fit_generator, evaluate_generator and predict_generator on plain Python generators."""
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(10)
x = rng.normal(size=(12, 3))
y = x.dot(np.array([[1.], [2.], [-1.]]))


def batches(batch_size):
    while True:
        for start in range(0, len(x), batch_size):
            yield x[start:start + batch_size], y[start:start + batch_size]


def inputs(batch_size):
    while True:
        for start in range(0, len(x), batch_size):
            yield x[start:start + batch_size]


model = Sequential()
model.add(Dense(4, input_shape=(3,), activation='relu'))
model.add(Dense(1))
fix_weights(model)
model.compile(optimizer=SGD(lr=0.05), loss='mse', metrics=['mae'])
keep('predictions', model.predict_generator(inputs(4), steps=3))
keep('score', model.evaluate_generator(batches(12), steps=1))  # of several steps, 2.3.1 gives the last one's loss
history = model.fit_generator(batches(4), steps_per_epoch=3, epochs=3, verbose=0, max_queue_size=1, workers=1,
                              validation_data=batches(12), validation_steps=1)
keep_history(history)
