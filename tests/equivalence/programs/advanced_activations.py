"""The activations that are layers, from where they lived."""
import numpy as np
from keras.layers import Dense, Input, ReLU, Softmax, concatenate
from keras.layers.advanced_activations import ELU, LeakyReLU, PReLU, ThresholdedReLU
from keras.models import Model
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(12)
x = rng.normal(size=(4, 5))
inputs = Input(shape=(5,))
hidden = Dense(4)(inputs)
outputs = concatenate([
    LeakyReLU()(hidden),
    LeakyReLU(alpha=0.1)(hidden),
    PReLU()(hidden),
    PReLU(alpha_initializer='ones')(hidden),
    ELU(alpha=0.7)(hidden),
    ThresholdedReLU(theta=0.2)(hidden),
    ReLU(max_value=0.8, negative_slope=0.05)(hidden),
    ReLU(6.)(hidden),
    Softmax(axis=-1)(hidden),
])
model = Model(inputs, outputs)
fix_weights(model)
keep('predictions', model.predict(x))
model.compile('sgd', 'mse')
keep_history(model.fit(x, rng.normal(size=(4, 36)), epochs=2, batch_size=2, shuffle=False, verbose=0))
