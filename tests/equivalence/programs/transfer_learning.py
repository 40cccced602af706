"""A trained network gets a new head; its layers are frozen, found by name, taken off."""
import numpy as np
from keras.layers import Conv2D, Dense, Flatten, GlobalAveragePooling2D, Input
from keras.models import Model, Sequential
from keras.optimizers import SGD
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(87)
x = rng.rand(8, 6, 6, 3)
y = np.eye(2)[rng.randint(2, size=8)]
image = Input(shape=(6, 6, 3))
h = Conv2D(3, (3, 3), activation='relu', name='block1_conv1')(image)
h = Conv2D(3, (3, 3), activation='relu', name='block1_conv2')(h)
base_model = Model(image, Dense(5, name='predictions')(Flatten(name='flatten')(h)))
features = base_model.get_layer('block1_conv2').output
features = GlobalAveragePooling2D()(features)
predictions = Dense(2, activation='softmax', name='new_head')(features)
model = Model(inputs=base_model.input, outputs=predictions)
fix_weights(model)
for layer in base_model.layers[:2]:
    layer.trainable = False
keep('trainable', [layer.name for layer in model.layers if layer.trainable and layer.weights])
model.compile(optimizer=SGD(lr=0.1, momentum=0.9), loss='categorical_crossentropy', metrics=['accuracy'])
keep('predictions', model.predict(x))
keep_history(model.fit(x, y, epochs=2, batch_size=4, shuffle=False, verbose=0))
keep('frozen', model.get_layer('block1_conv1').get_weights()[1])

head = Sequential()
head.add(Dense(4, input_dim=3))
head.add(Dense(2))
head.pop()
keep('popped', len(head.layers))
