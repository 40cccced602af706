"""A Sequence of batches, without calling its base, given to fit_generator with workers."""
import keras
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(50)


class Batches(keras.utils.Sequence):

    def __init__(self, x, y, batch_size):
        self.x, self.y = x, y
        self.batch_size = batch_size

    def __len__(self):
        return int(np.ceil(len(self.x) / float(self.batch_size)))

    def __getitem__(self, idx):
        batch_x = self.x[idx * self.batch_size:(idx + 1) * self.batch_size]
        batch_y = self.y[idx * self.batch_size:(idx + 1) * self.batch_size]
        return np.array(batch_x), np.array(batch_y)

    def on_epoch_end(self):
        pass


x, y = rng.normal(size=(12, 3)), rng.normal(size=(12, 1))
model = Sequential([Dense(4, activation='relu', input_dim=3), Dense(1)])
fix_weights(model)
model.compile('sgd', 'mse')
training = Batches(x, y, 4)
history = model.fit_generator(generator=training, validation_data=Batches(x, y, 12), epochs=2, verbose=0, shuffle=False,
                              use_multiprocessing=False, workers=1, max_queue_size=2)
keep_history(history)
keep('predictions', model.predict_generator(training, verbose=0))
keep('score', model.evaluate_generator(Batches(x, y, 12)))
