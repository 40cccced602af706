"""Training on frozen layers, a BatchNormalization among them."""
import numpy as np
from keras.layers import BatchNormalization, Dense
from keras.models import Sequential
from keras.optimizers import SGD
from recording import fix_weights, keep, keep_training

rng = np.random.RandomState(83)
x, y = 2 * rng.normal(size=(16, 4)) + 3, rng.normal(size=(16, 1))

base = Sequential([Dense(5, input_shape=(4,)), BatchNormalization()])
model = Sequential([base, Dense(1)])
fix_weights(model)
for layer in base.layers:
    layer.trainable = False  # review: KM307
model.compile(SGD(lr=0.01), 'mse')
keep('weights that are trained', len(model.trainable_weights))
keep_training('losses', [model.train_on_batch(x, y) for _ in range(3)])
keep('predictions', model.predict(x))
