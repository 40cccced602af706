"""Every merging function, under the names of `keras.layers` and of `keras.layers.merge`."""
import numpy as np
from keras.layers import Dense, Input, Reshape, add, average, concatenate, dot, maximum
from keras.layers.merge import minimum, multiply, subtract
from keras.models import Model
from recording import fix_weights, keep

rng = np.random.RandomState(8)
a = Input((6,))
b = Input((6,))
x = Dense(6)(a)
y = Dense(6)(b)
z = concatenate([add([x, y]), subtract([x, y]), multiply([x, y]), average([x, y]), maximum([x, y]), minimum([x, y])])
grid = dot([Reshape((2, 3))(x), Reshape((3, 2))(y)], axes=(2, 1))
model = Model([a, b], [z, grid])
fix_weights(model)
merged, products = model.predict([rng.rand(2, 6), rng.rand(2, 6)])
keep('merged', merged)
keep('products', products)
