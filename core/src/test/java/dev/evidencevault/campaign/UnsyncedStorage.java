package dev.evidencevault.campaign;

import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.Storage;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** The local file system without any sync: all calls whose names begin with "sync" do nothing. */
final class UnsyncedStorage {
    private UnsyncedStorage() {}

    static Storage create() {
        return wrap(Storage.class, new LocalStorage());
    }

    private static <T> T wrap(Class<T> type, Object inner) {
        InvocationHandler handler = (proxy, method, args) -> call(inner, proxy, method, args);
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object call(Object inner, Object proxy, Method method, Object[] args) throws Throwable {
        if (method.getName().startsWith("sync")) {
            return null;
        }
        if (method.isDefault()) {
            return InvocationHandler.invokeDefault(proxy, method, args);
        }
        try {
            method.setAccessible(true);
            Object result = method.invoke(inner, args);
            Class<?> returned = method.getReturnType();
            boolean file = returned.isInterface() && returned.getPackage() == Storage.class.getPackage();
            return file ? wrap(returned, result) : result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
