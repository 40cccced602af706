"""Every merging layer."""
import numpy as np
from keras.layers import Add, Average, Concatenate, Dense, Dot, Input, Maximum, Minimum, Multiply, Subtract
from keras.models import Model
from recording import fix_weights, keep

rng = np.random.RandomState(7)
first = Input(shape=(4,), name='first')
second = Input(shape=(4,), name='second')
left = Dense(5)(first)
right = Dense(5, activation='tanh')(second)
merged = Concatenate(axis=-1)([
    Add()([left, right]),
    Subtract()([left, right]),
    Multiply()([left, right]),
    Average()([left, right]),
    Maximum()([left, right]),
    Minimum()([left, right]),
    Dot(axes=-1)([left, right]),
    Dot(axes=1, normalize=True)([left, right]),
])
model = Model(inputs=[first, second], outputs=Dense(2)(merged))
fix_weights(model)
keep('predictions', model.predict([rng.rand(3, 4), rng.rand(3, 4)]))
