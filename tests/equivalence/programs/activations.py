"""Every activation, by name, by function and as a layer."""
import numpy as np
from keras import activations
from keras import backend as K
from keras.layers import Activation, Dense, Input, concatenate
from keras.models import Model
from recording import fix_weights, keep

x = np.random.RandomState(11).normal(size=(3, 4)) * 3
inputs = Input(shape=(4,))
outputs = [
    Dense(2, activation='softmax')(inputs),
    Dense(2, activation='elu')(inputs),
    Dense(2, activation='selu')(inputs),
    Dense(2, activation='softplus')(inputs),
    Dense(2, activation='softsign')(inputs),
    Dense(2, activation='relu')(inputs),
    Dense(2, activation='tanh')(inputs),
    Dense(2, activation='sigmoid')(inputs),
    Dense(2, activation='hard_sigmoid')(inputs),
    Dense(2, activation='exponential')(inputs),
    Dense(2, activation='linear')(inputs),
]
by_name = concatenate(outputs)
hidden = Dense(3)(inputs)
by_function = concatenate([
    Activation(activations.softmax)(hidden),
    Activation(activations.elu)(hidden),
    Activation(activations.selu)(hidden),
    Activation(activations.softplus)(hidden),
    Activation(activations.softsign)(hidden),
    Activation(activations.relu)(hidden),
    Activation(activations.tanh)(hidden),
    Activation(activations.sigmoid)(hidden),
    Activation(activations.hard_sigmoid)(hidden),
    Activation(activations.exponential)(hidden),
    Activation(activations.linear)(hidden),
])
as_layer = Activation('hard_sigmoid')(hidden)
model = Model(inputs=inputs, outputs=[by_name, by_function, as_layer])
fix_weights(model)
names, functions, layer = model.predict(x)
keep('by name', names)
keep('by function', functions)
keep('as a layer', layer)
keep('called', K.eval(activations.relu(K.variable(x), alpha=0.1, max_value=2.)))
keep('got', K.eval(activations.get('hard_sigmoid')(K.variable(x))))
