"""`merge` in every mode that it has a name for."""
# sources: 1.2.2
import numpy as np
from keras.layers import Dense, Input, Reshape, merge
from keras.models import Model
from recording import fix_weights, keep

rng = np.random.RandomState(113)
X1, X2 = rng.normal(size=(3, 6)), rng.normal(size=(3, 4))

left, right = Input(shape=(6,), name='left'), Input(shape=(4,), name='right')
a = Dense(6, activation='tanh')(left)
b = Dense(6, activation='tanh')(right)
added = merge([a, b], mode='sum')
default = merge([a, b])
multiplied = merge([a, b], mode='mul', name='multiplied')
average = merge([a, b, added], mode='ave')
greatest = merge([a, b], mode='max')
beside = merge([a, left, b], mode='concat', concat_axis=1)
last = merge([a, b], 'concat')
model = Model(input=[left, right], output=[added, default, multiplied, average, greatest, beside, last])
fix_weights(model)
names = ['sum', 'default', 'mul', 'ave', 'max', 'concat', 'last']
for name, value in zip(names, model.predict([X1, X2])):
    keep(name, value)

p, q = Reshape((3, 2))(a), Reshape((3, 2))(b)
rows = merge([p, q], mode='concat', concat_axis=1)
columns = merge([p, q], mode='concat', concat_axis=2)
product = merge([p, q], mode='dot', dot_axes=2)
other = merge([p, q], mode='dot', dot_axes=[1, 1])
model = Model(input=[left, right], output=[rows, columns, product, other])
fix_weights(model, 'matrices')
for name, value in zip(['rows', 'columns', 'product', 'other'], model.predict([X1, X2])):
    keep(name, value)

dot = merge([a, b], mode='dot', dot_axes=1)
model = Model(input=[left, right], output=Dense(2)(dot))
fix_weights(model, 'vectors')
keep('vectors', model.predict([X1, X2]))
