package dev.parley.application;

import dev.parley.domain.attachment.FileInspector;
import dev.parley.domain.attachment.VirusScanner;
import dev.parley.domain.store.AttachmentStore;
import dev.parley.domain.store.BlobStore;
import java.util.Optional;

/**
 * What belongs to files.
 *
 * @param facts what is known of them
 * @param bytes what is in them
 * @param scanner asked about every upload; empty where none is wanted
 */
public record FilePorts(
        AttachmentStore facts, BlobStore bytes, FileInspector inspector, Optional<VirusScanner> scanner) {}
