/** The elements that get the focus when another one goes away. */
export const MESSAGE = 'chat-message';
