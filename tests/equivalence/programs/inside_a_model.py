"""What is inside a model: K.function, outputs of layers, nodes of shared layers."""
import numpy as np
from keras import backend as K
from keras.layers import Conv2D, Dense, Flatten, Input, MaxPooling2D
from keras.models import Model, Sequential
from recording import fix_weights, keep

x = np.random.RandomState(78).rand(2, 6, 6, 1).astype('float32')
model = Sequential()
model.add(Conv2D(2, (3, 3), activation='relu', input_shape=(6, 6, 1), name='conv'))
model.add(MaxPooling2D((2, 2), name='pool'))
model.add(Flatten(name='flat'))
model.add(Dense(3, activation='softmax', name='out'))
fix_weights(model)
get_features = K.function([model.layers[0].input], [model.get_layer('flat').output])
keep('features', get_features([x])[0])
with_phase = K.function([model.layers[0].input, K.learning_phase()], [model.layers[3].output])
keep('outputs', with_phase([x, 0])[0])
intermediate = Model(inputs=model.input, outputs=model.get_layer('pool').output)
keep('pooled', intermediate.predict(x))
keep('shapes', [list(layer.output_shape) for layer in model.layers])
keep('input shape', list(model.layers[0].input_shape))
keep('names', [layer.name for layer in model.layers])
kernel, bias = model.get_layer('conv').get_weights()
keep('kernel', list(kernel.shape))
keep('units', model.layers[-1].get_config()['units'])
keep('known shape', list(K.int_shape(model.layers[-1].output)))
