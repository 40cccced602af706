"""ImageDataGenerator without anything random, fitted and flowing."""
import numpy as np
from keras.layers import Conv2D, Dense, Flatten
from keras.models import Sequential
from keras.preprocessing.image import ImageDataGenerator, array_to_img, img_to_array
from keras.utils import np_utils
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(51)
x = rng.randint(0, 255, size=(8, 6, 6, 3)).astype('float32')
y = np_utils.to_categorical(rng.randint(2, size=8), 2)
datagen = ImageDataGenerator(featurewise_center=True, featurewise_std_normalization=True, rescale=1. / 255)
datagen.fit(x)
flow = datagen.flow(x, y, batch_size=4, shuffle=False)
first, labels = flow.next()
keep('first batch', first[:2])
keep('labels', labels)
keep('steps', len(flow))
keep('image', img_to_array(array_to_img(x[0]))[:2])

model = Sequential()
model.add(Conv2D(2, (3, 3), activation='relu', input_shape=x.shape[1:]))
model.add(Flatten())
model.add(Dense(2, activation='softmax'))
fix_weights(model)
model.compile(loss='categorical_crossentropy', optimizer='sgd', metrics=['accuracy'])
history = model.fit_generator(datagen.flow(x, y, batch_size=4, shuffle=False), steps_per_epoch=x.shape[0] // 4, epochs=2,
                              verbose=0, workers=1, shuffle=False)
keep_history(history)
keep('score', model.evaluate_generator(datagen.flow(x, y, batch_size=8, shuffle=False), steps=1))
