"""A model as a class, with `super(CustomModel, self).__init__()`."""
import keras
import numpy as np
from keras.layers import Dense, Dropout, BatchNormalization
from recording import fix_weights, keep, keep_history


class SimpleMLP(keras.Model):

    def __init__(self, use_bn=False, use_dp=False, num_classes=3):
        super(SimpleMLP, self).__init__(name='mlp')
        self.use_bn = use_bn
        self.use_dp = use_dp
        self.num_classes = num_classes
        self.dense1 = keras.layers.Dense(6, activation='relu')
        self.dense2 = keras.layers.Dense(num_classes, activation='softmax')
        if self.use_dp:
            self.dp = Dropout(0.5)
        if self.use_bn:
            self.bn = BatchNormalization(axis=-1)

    def call(self, inputs):
        x = self.dense1(inputs)
        if self.use_dp:
            x = self.dp(x)
        if self.use_bn:
            x = self.bn(x)
        return self.dense2(x)


rng = np.random.RandomState(74)
x = rng.normal(size=(12, 4)).astype('float32')
y = np.eye(3)[rng.randint(3, size=12)]
model = SimpleMLP(use_bn=True)
model.compile(loss='categorical_crossentropy', optimizer='sgd', metrics=['accuracy'])
model.train_on_batch(x, y)
fix_weights(model)
keep('predictions', model.predict(x))
history = model.fit(x, y, batch_size=4, epochs=2, shuffle=False, verbose=0)
keep_history(history)
