package org.example.chat;

import android.content.Context;
import android.content.SharedPreferences;
import android.security.keystore.KeyGenParameterSpec;
import android.security.keystore.KeyProperties;
import android.util.Base64;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/** The store's key: random, kept encrypted under a key that never leaves the Android Keystore. */
final class StoreKey {
  private static final String ALIAS = "pawl-store";
  private static final String CIPHER = "AES/GCM/NoPadding";

  private StoreKey() {}

  static byte[] get(Context context) {
    SharedPreferences kept = context.getSharedPreferences(ALIAS, Context.MODE_PRIVATE);
    try {
      String sealed = kept.getString("sealed", null);
      if (sealed != null) {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(Cipher.DECRYPT_MODE, wrapping(), new GCMParameterSpec(128, bytes(kept.getString("nonce", ""))));
        return cipher.doFinal(bytes(sealed));
      }
      byte[] key = new byte[32];
      new SecureRandom().nextBytes(key);
      Cipher cipher = Cipher.getInstance(CIPHER);
      cipher.init(Cipher.ENCRYPT_MODE, wrapping());
      if (!kept.edit().putString("sealed", text(cipher.doFinal(key))).putString("nonce", text(cipher.getIV())).commit()) {
        throw new IOException("a store under a key that was not kept could not be opened again");
      }
      return key;
    } catch (Exception e) {
      throw new IllegalStateException("the store's key cannot be had", e);
    }
  }

  private static SecretKey wrapping() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("AndroidKeyStore");
    store.load(null);
    if (store.getKey(ALIAS, null) != null) {
      return (SecretKey) store.getKey(ALIAS, null);
    }
    KeyGenerator maker = KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, "AndroidKeyStore");
    maker.init(new KeyGenParameterSpec.Builder(ALIAS, KeyProperties.PURPOSE_ENCRYPT | KeyProperties.PURPOSE_DECRYPT)
        .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
        .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
        .build());
    return maker.generateKey();
  }

  private static byte[] bytes(String text) {
    return Base64.decode(text, Base64.NO_WRAP);
  }

  private static String text(byte[] bytes) {
    return Base64.encodeToString(bytes, Base64.NO_WRAP);
  }
}
