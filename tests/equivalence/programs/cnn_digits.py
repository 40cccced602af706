"""A convolutional network for images, as `mnist_cnn.py` wrote it, with dropout before the output."""
import numpy as np
import keras
from keras.models import Sequential
from keras.layers import Dense, Dropout, Flatten
from keras.layers import Conv2D, MaxPooling2D
from keras import backend as K
from recording import fix_weights, keep, keep_history

img_rows, img_cols = 12, 12
rng = np.random.RandomState(2)
x = rng.rand(16, img_rows, img_cols)
y = keras.utils.to_categorical(rng.randint(3, size=16), 3)
if K.image_data_format() == 'channels_first':
    x = x.reshape(x.shape[0], 1, img_rows, img_cols)
    input_shape = (1, img_rows, img_cols)
else:
    x = x.reshape(x.shape[0], img_rows, img_cols, 1)
    input_shape = (img_rows, img_cols, 1)

model = Sequential()
model.add(Conv2D(4, kernel_size=(3, 3), activation='relu', input_shape=input_shape))
model.add(Conv2D(6, (3, 3), activation='relu'))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Dropout(0.25))
model.add(Flatten())
model.add(Dense(10, activation='relu'))
model.add(Dropout(0.5))
model.add(Dense(3, activation='softmax'))
fix_weights(model)
model.compile(loss=keras.losses.categorical_crossentropy,
              optimizer=keras.optimizers.Adadelta(),
              metrics=['accuracy'])
keep('predictions', model.predict(x))
keep('score', model.evaluate(x, y, verbose=0))
keep_history(model.fit(x, y, batch_size=8, epochs=2, verbose=0, validation_data=(x, y)))
