// For what lies beside this package and has no packages of its own.
export { WebSocket, WebSocketServer } from 'ws';
