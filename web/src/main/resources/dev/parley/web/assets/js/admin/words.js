import { currentLanguage } from '../i18n.js';

const en = {
  title: 'Operations', overview: 'Overview', replies: 'Replies', connections: 'Connections', sessions: 'Sessions', settings: 'Settings', audit: 'Audit', actions: 'Actions',
  notAdmin: 'This page is for administrators. Sign in with a token that has the role admin.', signInAgain: 'Sign in with another token', chat: 'Back to the chat',
  live: 'live', lost: 'No line to the server, trying again…', node: 'server {node}',
  plotConnections: 'Connections', plotWords: 'Words from models', plotFrames: 'Frames', plotBytes: 'Traffic', plotFirst: 'Time to first word', plotAnswers: 'Time to answer a client', plotCommits: 'Time to commit', plotQueue: 'Replies', plotErrors: 'Errors and refusals', plotMemory: 'Memory', plotDependencies: 'Dependencies answer in',
  perSecond: '{n}/s', ms: '{n} ms', sent: 'sent', received: 'received', waiting: 'waiting', running: 'running', nothing: 'nothing yet', none: 'none', lastMinutes: 'the last five minutes',
  busiest: 'Busiest users lately', refused: 'Most refused sessions lately', dependencies: 'What the server depends on', up: 'up', away: 'away',
  user: 'User', session: 'Session', protocol: 'Protocol', since: 'Since', sign: 'Last sign of life', asked: 'Asked', by: 'By', server: 'Server', characters: 'Characters stored', owner: 'Owner', titleOf: 'Title', status: 'Status', active: 'Last active', members: 'Members', action: 'Action', subject: 'Of what', at: 'When', name: 'Name', value: 'Value', source: 'From', standard: 'Default', requests: 'Requests', share: 'Refused',
  stop: 'Stop', stopping: 'stopping', close: 'Close', reconnect: 'Reconnect', reconnectHint: 'Its client is told to come back on another connection.',
  find: 'Find', findConnections: 'User, session, protocol or id', findSessions: 'Title, owner or id', of: '{shown} of {total}', more: 'More',
  closeSession: 'Close “{title}”?', closeText: 'Nobody can write there any more; what was said stays readable. This cannot be undone.',
  announce: 'Tell everybody', announceText: 'Everybody who is connected sees it now.', message: 'Message', level: 'Level', info: 'Information', warning: 'Warning', error: 'Error', send: 'Send', told: 'Everybody was told.',
  revoke: 'End tokens', revokeText: 'Ends connections at once and refuses the tokens from now on.', revokeUser: 'All of a user’s tokens issued until now', revokeToken: 'One token by its id (jti)', revokeQuestion: 'End the tokens of “{who}”?', revoked: 'They are no good any more.', doRevoke: 'End',
  done: 'Done.', stale: 'As it was at {at}. {why}',
};

const ptBR = {
  title: 'Operação', overview: 'Visão geral', replies: 'Respostas', connections: 'Conexões', sessions: 'Conversas', settings: 'Configuração', audit: 'Auditoria', actions: 'Ações',
  notAdmin: 'Esta página é para administradores. Entre com um token que tenha o papel admin.', signInAgain: 'Entrar com outro token', chat: 'Voltar à conversa',
  live: 'ao vivo', lost: 'Sem linha com o servidor, tentando de novo…', node: 'servidor {node}',
  plotConnections: 'Conexões', plotWords: 'Palavras dos modelos', plotFrames: 'Quadros', plotBytes: 'Tráfego', plotFirst: 'Tempo até a primeira palavra', plotAnswers: 'Tempo de resposta a um cliente', plotCommits: 'Tempo de gravação', plotQueue: 'Respostas', plotErrors: 'Erros e recusas', plotMemory: 'Memória', plotDependencies: 'Dependências respondem em',
  perSecond: '{n}/s', ms: '{n} ms', sent: 'enviados', received: 'recebidos', waiting: 'esperando', running: 'em curso', nothing: 'nada ainda', none: 'nada', lastMinutes: 'os últimos cinco minutos',
  busiest: 'Usuários mais ativos', refused: 'Conversas com mais recusas', dependencies: 'De que o servidor depende', up: 'no ar', away: 'fora',
  user: 'Usuário', session: 'Conversa', protocol: 'Protocolo', since: 'Desde', sign: 'Último sinal', asked: 'Pedida', by: 'Por', server: 'Servidor', characters: 'Caracteres gravados', owner: 'Dono', titleOf: 'Título', status: 'Estado', active: 'Última atividade', members: 'Membros', action: 'Ação', subject: 'De quê', at: 'Quando', name: 'Nome', value: 'Valor', source: 'De', standard: 'Padrão', requests: 'Pedidos', share: 'Recusados',
  stop: 'Parar', stopping: 'parando', close: 'Encerrar', reconnect: 'Reconectar', reconnectHint: 'O cliente é avisado para voltar em outra conexão.',
  find: 'Procurar', findConnections: 'Usuário, conversa, protocolo ou id', findSessions: 'Título, dono ou id', of: '{shown} de {total}', more: 'Mais',
  closeSession: 'Encerrar “{title}”?', closeText: 'Ninguém mais pode escrever nela; o que foi dito continua legível. Não há volta.',
  announce: 'Avisar a todos', announceText: 'Todos os conectados veem agora.', message: 'Mensagem', level: 'Nível', info: 'Informação', warning: 'Aviso', error: 'Erro', send: 'Enviar', told: 'Todos foram avisados.',
  revoke: 'Encerrar tokens', revokeText: 'Encerra conexões na hora e recusa os tokens daqui em diante.', revokeUser: 'Todos os tokens de um usuário emitidos até agora', revokeToken: 'Um token pelo id (jti)', revokeQuestion: 'Encerrar os tokens de “{who}”?', revoked: 'Não valem mais.', doRevoke: 'Encerrar',
  done: 'Feito.', stale: 'Como estava às {at}. {why}',
};

const words = currentLanguage() === 'pt-BR' ? ptBR : en;

/** @param {keyof typeof en} key @param {Record<string, unknown>} [values] */
export function w(key, values = {}) {
  return words[key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
}

export const WORDS = { en, 'pt-BR': ptBR };
