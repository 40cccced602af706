"""The multilayer perceptron of Keras' own examples, with the optimizer of every tutorial of its time."""
import keras
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(1)
num_classes = 4
x_train = rng.rand(32, 10).astype('float32')
y_train = keras.utils.to_categorical(rng.randint(num_classes, size=(32,)), num_classes)
x_test = rng.rand(8, 10).astype('float32')
y_test = keras.utils.to_categorical(rng.randint(num_classes, size=(8,)), num_classes)

model = Sequential()
model.add(Dense(12, activation='relu', input_shape=(10,)))
model.add(Dense(8, activation='tanh'))
model.add(Dense(num_classes, activation='softmax'))
fix_weights(model)
keep('predictions', model.predict(x_test))

sgd = SGD(lr=0.1, momentum=0.9, nesterov=True)
model.compile(loss='categorical_crossentropy', optimizer=sgd, metrics=['accuracy'])
history = model.fit(x_train, y_train, batch_size=8, epochs=5, verbose=0, shuffle=False,
                    validation_data=(x_test, y_test))
keep_history(history)
keep('best accuracy', max(history.history['val_acc' if 'val_acc' in history.history else 'val_accuracy']))
score = model.evaluate(x_test, y_test, verbose=0)
keep('score', score)
