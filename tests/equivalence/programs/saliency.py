"""The gradient of a class for the image, as every visualization had it."""
# alone
import numpy as np
from keras import backend as K
from keras.layers import Conv2D, Dense, Flatten
from keras.models import Sequential
from recording import fix_weights, keep

x = np.random.RandomState(85).rand(1, 5, 5, 1)
model = Sequential()
model.add(Conv2D(2, (3, 3), activation='tanh', input_shape=(5, 5, 1)))
model.add(Flatten())
model.add(Dense(3, activation='softmax'))
fix_weights(model)
keep('predictions', model.predict(x))
class_output = model.output[:, 1]
grads = K.gradients(class_output, model.input)[0]  # manual on 2.21: KM105
grads /= K.sqrt(K.mean(K.square(grads))) + 1e-5
iterate = K.function([model.input], [grads])  # manual on 2.21: KM708
keep('saliency', iterate([x])[0])
