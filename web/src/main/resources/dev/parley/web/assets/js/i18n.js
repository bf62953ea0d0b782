/** The page's words. A new language is one more object with the same keys. */
const WORDS = {
  en: {
    newChat: 'New conversation', conversations: 'Conversations', filter: 'Filter conversations', noSessions: 'Your conversations will appear here.',
    noMatch: 'Nothing found', untitled: 'Untitled', today: 'Today', yesterday: 'Yesterday', week: 'Previous 7 days', older: 'Older',
    rename: 'Rename', closeSession: 'Close', removeSession: 'Delete for good', share: 'Share by link', shared: 'Link copied. Whoever is signed in and opens it joins.',
    confirmRemove: 'Delete “{title}” for good? This cannot be undone.', confirmClose: 'Close “{title}”? It stays readable, but nobody can write in it any more.',
    newTitle: 'New title', cancel: 'Cancel', ok: 'OK', save: 'Save', delete: 'Delete', closed: 'Closed', unread: 'Unread',
    welcome: 'What is on your mind?', welcomeText: 'Ask a question, paste some code, or think out loud. Answers appear as they are written.',
    suggestion1: 'Explain exponential backoff with full jitter, with code', suggestion2: 'Write a polite reply to a late delivery', suggestion3: 'Plan a weekend without screens',
    placeholder: 'Write a message', send: 'Send', stop: 'Stop', hint: 'Enter sends · Shift+Enter for a new line', composer: 'Message',
    model: 'Model', agent: 'Agent', automatic: 'Automatic', choose: 'Model and agent',
    copy: 'Copy', copied: 'Copied', regenerate: 'Try again', edit: 'Edit', resend: 'Send again', branch: 'Branch from here', remove: 'Delete', react: 'React',
    good: 'Good answer', bad: 'Bad answer', version: 'Version {n} of {total}', previous: 'Previous version', next: 'Next version',
    you: 'You', assistant: 'Assistant', edited: 'edited', deleted: 'This message was deleted.', thinking: 'Thinking', queued: 'In the queue, place {n}', queuedNext: 'Next in the queue',
    stopped: 'Stopped', failed: 'The answer failed.', interrupted: 'The answer was interrupted.', waiting: 'Waiting to be sent', sending: 'Sending', refused: 'Not sent: {reason}',
    retryingIn: 'Sent again in {n} s', discard: 'Discard', tryAgain: 'Try again', jump: 'To the newest message', earlier: 'Earlier messages', beginning: 'Beginning of the conversation',
    live: 'Live', liveSse: 'Live over server-sent events', livePoll: 'Live by polling', connecting: 'Connecting', reconnecting: 'Reconnecting', reconnectIn: 'Reconnecting in {n} s', retryNow: 'Now',
    offline: 'Offline. Messages wait here.', ended: 'Disconnected', fallback: 'WebSockets are blocked on this network; {how} is used instead.', sse: 'an event stream', poll: 'polling',
    typing1: '{a} is typing', typing2: '{a} and {b} are typing', typingN: '{n} people are typing', present: 'Here now: {names}',
    search: 'Search', searchHere: 'Search this conversation', searchHint: 'Words, or the beginning of one', found: '{n} found', nothing: 'No message contains that.',
    export: 'Export', markdown: 'Markdown', html: 'HTML', json: 'JSON', csv: 'CSV',
    theme: 'Appearance', auto: 'As the system', light: 'Light', dark: 'Dark', language: 'Language', menu: 'Menu', openList: 'Show conversations', closeList: 'Hide conversations',
    signIn: 'Sign in', signInText: 'Paste the token you were given. The command “parley token” prints one.', token: 'Token', remember: 'Stay signed in on this device', badToken: 'This token is not accepted.', signOut: 'Sign out', tokenExpired: 'Your session has expired. Sign in again.',
    demo: 'Demo model: it only pretends. Start Ollama for real answers.', closedHere: 'This conversation is closed.', closedHereText: 'It can be read, but not continued.', gone: 'This conversation does not exist any more.', forbidden: 'You may not enter this conversation.',
    tooLong: '{n} characters too many', left: '{n} left', limit: 'Too many messages. It goes on in {n} s.', lostAnswer: 'The connection was lost before this was confirmed.', fallbackModel: '{model} answered instead', copyCode: 'Copy code', reload: 'Too much was missed while away; the conversation was loaded again.', error: 'Something went wrong.', image: 'Image: {alt}', announcement: 'Announcement', close: 'Close',
    attach: 'Attach files', attachments: 'Files', download: 'Download', opens: 'Opens {url}', uploading: 'Sending {name}', removeFile: 'Remove {name}', uploadLost: 'The connection was lost while the file was sent.',
  },
  'pt-BR': {
    newChat: 'Nova conversa', conversations: 'Conversas', filter: 'Filtrar conversas', noSessions: 'Suas conversas aparecem aqui.',
    noMatch: 'Nada encontrado', untitled: 'Sem título', today: 'Hoje', yesterday: 'Ontem', week: 'Últimos 7 dias', older: 'Mais antigas',
    rename: 'Renomear', closeSession: 'Encerrar', removeSession: 'Excluir de vez', share: 'Compartilhar por link', shared: 'Link copiado. Quem estiver autenticado e abrir o link entra.',
    confirmRemove: 'Excluir “{title}” de vez? Não há como desfazer.', confirmClose: 'Encerrar “{title}”? Continua legível, mas ninguém mais escreve nela.',
    newTitle: 'Novo título', cancel: 'Cancelar', ok: 'OK', save: 'Salvar', delete: 'Excluir', closed: 'Encerrada', unread: 'Não lida',
    welcome: 'No que você está pensando?', welcomeText: 'Pergunte, cole um código ou pense em voz alta. As respostas aparecem enquanto são escritas.',
    suggestion1: 'Explique backoff exponencial com full jitter, com código', suggestion2: 'Escreva uma resposta gentil a uma entrega atrasada', suggestion3: 'Planeje um fim de semana sem telas',
    placeholder: 'Escreva uma mensagem', send: 'Enviar', stop: 'Parar', hint: 'Enter envia · Shift+Enter quebra a linha', composer: 'Mensagem',
    model: 'Modelo', agent: 'Agente', automatic: 'Automático', choose: 'Modelo e agente',
    copy: 'Copiar', copied: 'Copiado', regenerate: 'Tentar de novo', edit: 'Editar', resend: 'Enviar de novo', branch: 'Ramificar daqui', remove: 'Excluir', react: 'Reagir',
    good: 'Boa resposta', bad: 'Resposta ruim', version: 'Versão {n} de {total}', previous: 'Versão anterior', next: 'Próxima versão',
    you: 'Você', assistant: 'Assistente', edited: 'editada', deleted: 'Esta mensagem foi excluída.', thinking: 'Pensando', queued: 'Na fila, lugar {n}', queuedNext: 'Próxima da fila',
    stopped: 'Interrompida por você', failed: 'A resposta falhou.', interrupted: 'A resposta foi interrompida.', waiting: 'Aguardando envio', sending: 'Enviando', refused: 'Não enviada: {reason}',
    retryingIn: 'Nova tentativa em {n} s', discard: 'Descartar', tryAgain: 'Tentar de novo', jump: 'Ir para a mensagem mais nova', earlier: 'Mensagens anteriores', beginning: 'Início da conversa',
    live: 'Ao vivo', liveSse: 'Ao vivo por eventos do servidor', livePoll: 'Ao vivo por consultas', connecting: 'Conectando', reconnecting: 'Reconectando', reconnectIn: 'Reconectando em {n} s', retryNow: 'Agora',
    offline: 'Sem conexão. As mensagens esperam aqui.', ended: 'Desconectado', fallback: 'WebSockets estão bloqueados nesta rede; em vez disso usa-se {how}.', sse: 'um fluxo de eventos', poll: 'consulta periódica',
    typing1: '{a} está digitando', typing2: '{a} e {b} estão digitando', typingN: '{n} pessoas estão digitando', present: 'Aqui agora: {names}',
    search: 'Buscar', searchHere: 'Buscar nesta conversa', searchHint: 'Palavras, ou o começo de uma', found: '{n} encontradas', nothing: 'Nenhuma mensagem contém isso.',
    export: 'Exportar', markdown: 'Markdown', html: 'HTML', json: 'JSON', csv: 'CSV',
    theme: 'Aparência', auto: 'Como o sistema', light: 'Claro', dark: 'Escuro', language: 'Idioma', menu: 'Menu', openList: 'Mostrar conversas', closeList: 'Esconder conversas',
    signIn: 'Entrar', signInText: 'Cole o token que você recebeu. O comando “parley token” cria um.', token: 'Token', remember: 'Continuar conectado neste aparelho', badToken: 'Este token não é aceito.', signOut: 'Sair', tokenExpired: 'Sua sessão expirou. Entre de novo.',
    demo: 'Modelo de demonstração: só finge. Inicie o Ollama para respostas de verdade.', closedHere: 'Esta conversa está encerrada.', closedHereText: 'Pode ser lida, mas não continuada.', gone: 'Esta conversa não existe mais.', forbidden: 'Você não pode entrar nesta conversa.',
    tooLong: '{n} caracteres a mais', left: 'restam {n}', limit: 'Mensagens demais. Continua em {n} s.', lostAnswer: 'A conexão caiu antes da confirmação.', fallbackModel: '{model} respondeu no lugar', copyCode: 'Copiar código', reload: 'Muita coisa aconteceu na sua ausência; a conversa foi recarregada.', error: 'Algo deu errado.', image: 'Imagem: {alt}', announcement: 'Aviso', close: 'Fechar',
    attach: 'Anexar arquivos', attachments: 'Arquivos', download: 'Baixar', opens: 'Abre {url}', uploading: 'Enviando {name}', removeFile: 'Remover {name}', uploadLost: 'A conexão caiu enquanto o arquivo era enviado.',
  },
};

export const LANGUAGES = { en: 'English', 'pt-BR': 'Português' };

let language = localStorage.getItem('parley:language') ?? (navigator.language.startsWith('pt') ? 'pt-BR' : 'en');
if (!WORDS[language]) language = 'en';
document.documentElement.lang = language;

export function currentLanguage() {
  return language;
}

export function chooseLanguage(chosen) {
  localStorage.setItem('parley:language', chosen);
  location.reload();
}

/** @param {keyof typeof WORDS.en} key @param {Record<string, unknown>} [values] */
export function t(key, values = {}) {
  return (WORDS[language][key] ?? WORDS.en[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
}

export function time(iso) {
  return new Date(iso).toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' });
}

export function number(value, digits = 0) {
  return value.toLocaleString(language, { maximumFractionDigits: digits });
}

/** A size people can read: 1.5 MB. */
export function bytes(size) {
  const unit = size < 1000 ? 0 : size < 1_000_000 ? 1 : 2;
  return `${number(size / 1000 ** unit, unit && size < 10 * 1000 ** unit ? 1 : 0)} ${['B', 'kB', 'MB'][unit]}`;
}
