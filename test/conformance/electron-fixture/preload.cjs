const { contextBridge, ipcRenderer, webUtils } = require('electron');

contextBridge.exposeInMainWorld('fixture', {
  ask: (name, ...args) => ipcRenderer.invoke('ask', name, ...args),
  absent: () => ipcRenderer.invoke('nobody serves this'),
  say: (value) => ipcRenderer.send('say', value),
  onTold: (listener) => {
    const hear = (_, ...args) => listener(...args);
    ipcRenderer.on('told', hear);
    return () => ipcRenderer.off('told', hear);
  },
  pathOfFile: (file) => webUtils.getPathForFile(file),
  double: (number) => number * 2,
  callBack: (listener) => listener(20) + 1,
  fail: () => {
    throw new Error('as told');
  },
  failLater: async () => {
    throw new Error('as told later');
  },
  sees: () => ({
    page: typeof globalThis.pageOwn,
    node: typeof Buffer === 'undefined' ? 'no' : typeof require('electron').ipcMain,
  }),
});
globalThis.preloadOwn = 1;
