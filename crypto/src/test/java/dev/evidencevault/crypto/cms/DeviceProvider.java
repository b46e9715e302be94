package dev.evidencevault.crypto.cms;

import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A provider that behaves like a device's: its keys have no encoding, and no other provider can use them. */
final class DeviceProvider extends Provider {
    private static final long serialVersionUID = 1L;

    DeviceProvider() {
        super("TestDevice", "1", "keys without encoding");
        putService(
                new Service(
                        this,
                        "Signature",
                        "SHA256withECDSA",
                        DeviceSignature.class.getName(),
                        null,
                        Map.of("SupportedKeyClasses", DeviceKey.class.getName())) {
                    @Override
                    public Object newInstance(@Nullable Object parameter) {
                        return new DeviceSignature();
                    }
                });
    }

    PrivateKey keep(PrivateKey key) {
        return new DeviceKey(key);
    }

    /** A handle. */
    public static final class DeviceKey implements PrivateKey {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial")
        private final PrivateKey inside;

        DeviceKey(PrivateKey inside) {
            this.inside = inside;
        }

        @Override
        public String getAlgorithm() {
            return "EC";
        }

        @Override
        public @Nullable String getFormat() {
            return null;
        }

        @Override
        public byte @Nullable [] getEncoded() {
            return null;
        }
    }

    private static final class DeviceSignature extends SignatureSpi {
        private @Nullable Signature inside;

        private Signature inside() {
            if (inside == null) {
                throw new IllegalStateException("not initialised");
            }
            return inside;
        }

        @Override
        protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
            if (!(key instanceof DeviceKey handle)) {
                throw new InvalidKeyException("not a key of this device");
            }
            try {
                inside = Signature.getInstance("SHA256withECDSA", "SunEC");
                inside().initSign(handle.inside);
            } catch (java.security.NoSuchAlgorithmException | java.security.NoSuchProviderException e) {
                throw new InvalidKeyException(e);
            }
        }

        @Override
        protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
            throw new InvalidKeyException("this device only signs");
        }

        @Override
        protected void engineUpdate(byte b) throws SignatureException {
            inside().update(b);
        }

        @Override
        protected void engineUpdate(byte[] bytes, int offset, int length) throws SignatureException {
            inside().update(bytes, offset, length);
        }

        @Override
        protected byte[] engineSign() throws SignatureException {
            return inside().sign();
        }

        @Override
        protected boolean engineVerify(byte[] signature) throws SignatureException {
            throw new SignatureException("this device only signs");
        }

        @Override
        @Deprecated
        protected void engineSetParameter(String name, Object value) {
            throw new UnsupportedOperationException();
        }

        @Override
        @Deprecated
        protected Object engineGetParameter(String name) {
            throw new UnsupportedOperationException();
        }
    }
}
