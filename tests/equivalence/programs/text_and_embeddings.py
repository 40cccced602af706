"""`pretrained_word_embeddings.py`: a tokenizer, padded sequences, an embedding from a matrix that is not trained."""
import numpy as np
from keras.layers import Conv1D, Dense, Embedding, GlobalMaxPooling1D, Input
from keras.models import Model
from keras.preprocessing.sequence import pad_sequences
from keras.preprocessing.text import Tokenizer, text_to_word_sequence
from keras.utils import to_categorical
from recording import fix_weights, keep, keep_history

texts = ['The cat sat on the mat.', 'A dog, a cat and a mouse!', 'the dog ate the mouse', 'on the mat']
labels = to_categorical(np.asarray([0, 1, 1, 0]))
tokenizer = Tokenizer(num_words=10)
tokenizer.fit_on_texts(texts)
sequences = tokenizer.texts_to_sequences(texts)
data = pad_sequences(sequences, maxlen=7)
keep('words', text_to_word_sequence(texts[1]))
keep('index', sorted(tokenizer.word_index.items()))
keep('data', data)
keep('matrix', tokenizer.texts_to_matrix(texts, mode='count'))

embedding_matrix = np.random.RandomState(52).normal(size=(10, 4))
embedding_layer = Embedding(10, 4, weights=[embedding_matrix], input_length=7, trainable=False)
sequence_input = Input(shape=(7,), dtype='int32')
embedded_sequences = embedding_layer(sequence_input)
keep('embedding', embedding_layer.get_weights()[0])
x = Conv1D(5, 3, activation='relu')(embedded_sequences)
x = GlobalMaxPooling1D()(x)
preds = Dense(2, activation='softmax')(x)
model = Model(sequence_input, preds)
fix_weights(model)
keep('trainable', len(model.trainable_weights))
model.compile(loss='categorical_crossentropy', optimizer='sgd', metrics=['acc'])
keep('predictions', model.predict(data))
history = model.fit(data, labels, batch_size=2, epochs=2, shuffle=False, verbose=0)
keep_history(history)
keep('acc', history.history['acc'])
